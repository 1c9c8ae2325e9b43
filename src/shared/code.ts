/** How much of a code on a screen may be hidden by glare: a quarter (ISO 18004). It costs a spot code nothing. */
export const screenCorrection = 'Q';
