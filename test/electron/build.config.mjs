// Main and preload as the project builds them; the tests here bring a page of their own.
import config from '../../electron.vite.config.ts';

export default { main: config.main, preload: config.preload };
