/** Jobs as executions of one state machine, each attempt under a name of its own. */
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { executionName, type Job, runOf } from '#shared/batch/job.ts';
import type { JobExecutions } from '#shared/batch/job-executions.ts';

export class StateMachineJobs implements JobExecutions {
  readonly #stateMachineArn: string;
  readonly #client: SFNClient;

  constructor(stateMachineArn: string, client = new SFNClient({})) {
    this.#stateMachineArn = stateMachineArn;
    this.#client = client;
  }

  async start(job: Job): Promise<void> {
    const input = JSON.stringify(runOf(job));
    try {
      const stateMachineArn = this.#stateMachineArn;
      await this.#client.send(new StartExecutionCommand({ stateMachineArn, name: executionName(job), input }));
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  }

  async state(job: Job): Promise<'none' | 'running' | 'ended'> {
    const executionArn = `${this.#stateMachineArn.replace(':stateMachine:', ':execution:')}:${executionName(job)}`;
    try {
      const { status } = await this.#client.send(new DescribeExecutionCommand({ executionArn }));
      return status === 'RUNNING' || status === 'PENDING_REDRIVE' ? 'running' : 'ended';
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return 'none';
      throw error;
    }
  }
}
