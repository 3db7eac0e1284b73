/**
 * The project's version (https://semver.org), as in package.json. It stands in the code so that a bundled
 * program knows it too.
 */
export const VERSION = '0.1.0';
