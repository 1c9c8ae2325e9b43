import { createI18n } from 'vue-i18n';
import en from './en.json';
import lt from './lt.json';

/** English and Lithuanian. A missing sentence falls back to English; a test sees to it that none is missing. */
export function makeI18n() {
  return createI18n({ legacy: false, locale: 'en', fallbackLocale: 'en', messages: { en, lt } });
}
