/**
 * Step Functions while the template holds no state machine: there are none, and whoever names one is told that it does
 * not exist. A state machine in the template is refused by name, so nothing can be missing here in silence.
 */
import { AwsError, type Operation, type Operations } from './aws-json.ts';

const OF_STATE_MACHINES = [
  'DescribeStateMachine',
  'ListExecutions',
  'StartExecution',
  'StartSyncExecution',
  'UpdateStateMachine',
];
const OF_EXECUTIONS = ['DescribeExecution', 'GetExecutionHistory', 'RedriveExecution', 'StopExecution'];

export function stepFunctionsOperations(): Operations {
  const operations = new Map<string, Operation>([['ListStateMachines', () => ({ stateMachines: [] })]]);
  for (const name of OF_STATE_MACHINES) {
    operations.set(name, ({ stateMachineArn }) => {
      throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`);
    });
  }
  for (const name of OF_EXECUTIONS) {
    operations.set(name, ({ executionArn }) => {
      throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`);
    });
  }
  return operations;
}
