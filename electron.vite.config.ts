import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';

export default defineConfig({
  // Main is one file; what is in `dependencies` stays outside and is found in node_modules. Beside it lies the process
  // that holds a printer's device file, which is an entry of its own.
  main: {
    build: {
      rolldownOptions: {
        input: { index: 'src/main/index.ts', 'device-file-child': 'src/main/adapters/transport/device-file-child.ts' },
      },
    },
  },
  // A sandboxed preload is one CommonJS file that can require nothing but `electron`, so all else is bundled; the two of them
  // import nothing of each other's, or what they share would become a file that neither can load.
  preload: {
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: 'src/preload/index.ts', display: 'src/preload/display.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    base: './',
    publicDir: false,
    plugins: [vue()],
    // What the screens do not use is left out: options API, legacy translations, devtools.
    define: {
      __VUE_OPTIONS_API__: 'false',
      __VUE_I18N_LEGACY_API__: 'false',
      __VUE_I18N_FULL_INSTALL__: 'false',
      __INTLIFY_PROD_DEVTOOLS__: 'false',
    },
    build: {
      minify: true,
      // The pages that set a terminal up and that stand for a QR display are small and know nothing of the others.
      rolldownOptions: {
        input: {
          index: 'src/renderer/index.html',
          setup: 'src/renderer/setup.html',
          display: 'src/renderer/display.html',
        },
      },
      // Fonts and pictures stay files of their own: the content security policy lets no font come from a data address.
      assetsInlineLimit: 0,
    },
  },
});
