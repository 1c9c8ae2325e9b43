// Puts the stand-in in the place of the `electron` module:
//   node --import ./test/electron/register.mjs out/main/index.js --config=FILE
import { registerHooks } from 'node:module';

const standIn = new URL('./module.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, nextResolve) {
    return specifier === 'electron' ? { url: standIn, shortCircuit: true } : nextResolve(specifier, context);
  },
});
