import '@fontsource-variable/inter/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { z } from 'zod';
import App from './App.vue';
import { connect } from './bridge.ts';
import { makeI18n } from './i18n/index.ts';
import { bridgeKey } from './composables/use-terminal.ts';

// The content security policy allows no eval: schemas are interpreted instead of compiled.
z.config({ jitless: true });

createApp(App).use(createPinia()).use(makeI18n()).provide(bridgeKey, connect(window)).mount('#app');
