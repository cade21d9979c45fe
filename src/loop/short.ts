/** Three significant digits: enough to understand, short enough to read. */
export function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
