export interface Files {
  /** Undefined where there is none. */
  read(path: string): string | undefined;
  /** For the user's eyes only. */
  writePrivate(path: string, text: string): void;
  remove(path: string): void;
}
