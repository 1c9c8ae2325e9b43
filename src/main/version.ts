/** The version that staff see and that the user agent names. */
export const version = '0.1.0';
