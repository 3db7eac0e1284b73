/**
 * Keeps from users what Node remarks on and they can do nothing about: its own unfinished parts (node:sqlite
 * on Node 24), and which of NO_COLOR and FORCE_COLOR it obeys. All other warnings are shown.
 */
export function showWarningsThatMatter(): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => {
    const isRemark = name === 'ExperimentalWarning' || message.includes("'NO_COLOR' env is ignored");
    if (!isRemark) {
      process.stderr.write(`${name}: ${message}\n`);
    }
  });
}
