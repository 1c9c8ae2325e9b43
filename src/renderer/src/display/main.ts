import '../styles/tokens.css';
import '../styles/base.css';
import { createApp } from 'vue';
import { z } from 'zod';
import DisplayPage from './DisplayPage.vue';
import { displayLine } from './line.ts';

// The content security policy allows no eval: schemas are interpreted instead of compiled.
z.config({ jitless: true });

const line = displayLine(window);
createApp(DisplayPage, { line }).mount('#app');
line.start();
