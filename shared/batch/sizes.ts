/** How many members each definition had, whenever everybody was counted. */

export interface SizePoint {
  /** The instant as of which they were counted, epoch milliseconds. */
  readonly at: number;
  readonly members: number;
}

export interface SizeStore {
  /** By id of the definition. The same instant written again holds the later number. */
  keep(sandboxName: string, points: ReadonlyMap<string, SizePoint>): Promise<void>;
  /** The newest first. */
  newest(sandboxName: string, segmentId: string, limit: number): Promise<readonly SizePoint[]>;
}
