import '../styles/tokens.css';
import '../styles/base.css';
import { createApp } from 'vue';
import { z } from 'zod';
import { makeI18n } from '../i18n/index.ts';
import SetupPage from './SetupPage.vue';

// The content security policy allows no eval: schemas are interpreted instead of compiled.
z.config({ jitless: true });

createApp(SetupPage).use(makeI18n()).mount('#app');
