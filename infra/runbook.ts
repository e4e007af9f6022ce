/** Where an alarm's reader finds what it means and what to do. `section` is a heading of docs/runbook.md, as its anchor. */
export function runbookUrl(section: string): string {
  return `Runbook: docs/runbook.md#${section}`;
}
