// The preload's part of the project's own build, and nothing else.
import config from '../../electron.vite.config.ts';

export default { preload: config.preload };
