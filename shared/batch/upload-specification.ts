/** What an upload of an external audience says: who belongs to it from now on, each until an instant. */

export interface UploadSpecification {
  readonly audienceId: string;
  /** Of the identities that people are named by. */
  readonly namespace: string;
  /** The object that holds the rows. */
  readonly file: string;
  readonly rows: number;
  /** Epoch milliseconds: of two uploads the later one counts, whichever is carried out first. */
  readonly at: number;
}

export interface UploadedMembers {
  readonly format: 1;
  /** Of the identities; absent in those of earlier releases. */
  readonly namespace?: string;
  /** By identity, epoch milliseconds: until when. */
  readonly members: Readonly<Record<string, number>>;
}
