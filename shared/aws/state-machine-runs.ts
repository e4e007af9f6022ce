/** Runs of propensity as executions of one state machine, named by the run. */
import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { RunKey } from '#shared/propensity/run.ts';

export class StateMachineRuns {
  readonly #stateMachineArn: string;
  readonly #client: SFNClient;

  constructor(stateMachineArn: string, client = new SFNClient({})) {
    this.#stateMachineArn = stateMachineArn;
    this.#client = client;
  }

  /** Starting the same run again starts nothing. */
  async start({ sandboxName, instanceId, runId }: RunKey): Promise<void> {
    const input = JSON.stringify({ sandboxName, instanceId, runId } satisfies RunKey);
    try {
      const stateMachineArn = this.#stateMachineArn;
      await this.#client.send(new StartExecutionCommand({ stateMachineArn, name: runId, input }));
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  }
}
