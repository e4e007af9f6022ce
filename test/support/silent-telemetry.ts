import type { Telemetry } from '#shared/lambda/telemetry.ts';

export interface HeardTelemetry extends Telemetry {
  readonly logged: readonly { readonly level: string; readonly message: string; readonly details: unknown }[];
}

/** Keeps what was logged for the test to look at, and prints nothing. */
export function silentTelemetry(): HeardTelemetry {
  const logged: { level: string; message: string; details: unknown }[] = [];
  const at = (level: string) => (message: unknown, details?: unknown) => {
    logged.push({ level, message: String(message), details });
  };
  return {
    logged,
    logger: { info: at('info'), warn: at('warn'), error: at('error') } as Telemetry['logger'],
    count: () => {},
    milliseconds: () => {},
    flush: () => {},
  };
}
