/** What a pool and its worker threads say to each other. */

export interface WorkerSettings {
  /** The unpacked asset: what Lambda has as its task root. */
  readonly folder: string;
  /** `file.export`, as in the template. */
  readonly handler: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  readonly clockOffsetMs: number;
}

export interface InvokeMessage {
  readonly requestId: string;
  readonly event: unknown;
  /** By the machine's clock. */
  readonly deadline: number;
}

export interface LambdaError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

export type WorkerMessage =
  | { readonly kind: 'ready' }
  /** The handler could not be loaded; the worker ends. */
  | { readonly kind: 'unloadable'; readonly error: LambdaError }
  /** `result` is JSON, as Lambda passes it on; `undefined` became null. */
  | { readonly kind: 'succeeded'; readonly requestId: string; readonly result: string }
  | { readonly kind: 'failed'; readonly requestId: string; readonly error: LambdaError };
