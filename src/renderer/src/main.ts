import './styles/tokens.css';
import './styles/base.css';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { z } from 'zod';
import App from './App.vue';
import { connect } from './bridge.ts';
import { linkKey } from './composables/use-terminal.ts';
import { makeI18n } from './i18n/index.ts';
import { useTerminalStore } from './stores/terminal.ts';

// The content security policy allows no eval: schemas are interpreted instead of compiled.
z.config({ jitless: true });

const app = createApp(App);
const pinia = createPinia();
const link = connect(window);
app.use(pinia).use(makeI18n()).provide(linkKey, link);
useTerminalStore(pinia).mirror(link);
app.mount('#app');
