import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';

export default defineConfig({
  // One entry for each program: what is in `dependencies` stays outside and is found in node_modules. What programs share
  // lies beside them, because it finds other files by where it lies itself.
  main: {
    build: {
      rolldownOptions: {
        input: {
          index: 'src/main/index.ts',
          headless: 'src/main/headless.ts',
          kiosk: 'src/main/kiosk.ts',
          // Tools that a technician needs on a terminal.
          pin: 'scripts/pin.ts',
          journal: 'scripts/journal.ts',
          'device-file-child': 'src/main/adapters/transport/device-file-child.ts',
        },
        output: { chunkFileNames: 'shared-[name]-[hash].js' },
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
