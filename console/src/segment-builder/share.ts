/** How far a bar reaches, in percent. */
export const share = (part: number, whole: number): number => (whole === 0 ? 0 : Math.min(100, (100 * part) / whole));
