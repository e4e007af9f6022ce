/**
 * Every field of Amazon States Language that the interpreter acts on, by where it stands, in the JSONata dialect. One
 * that isn't here stops the start with the state's name and its own: nothing of a definition is passed over in silence.
 */

export const MACHINE_FIELDS = ['Comment', 'QueryLanguage', 'StartAt', 'States', 'TimeoutSeconds', 'Version'];
export const PROCESSOR_FIELDS = ['Comment', 'ProcessorConfig', 'StartAt', 'States'];
export const BRANCH_FIELDS = ['Comment', 'StartAt', 'States'];
export const PROCESSOR_CONFIG_FIELDS = ['Mode', 'ExecutionType'];
export const CHOICE_FIELDS = ['Comment', 'Condition', 'Next', 'Output', 'Assign'];
export const CATCH_FIELDS = ['Comment', 'ErrorEquals', 'Next', 'Output', 'Assign'];
export const RETRY_FIELDS = [
  'Comment',
  'ErrorEquals',
  'IntervalSeconds',
  'MaxAttempts',
  'BackoffRate',
  'MaxDelaySeconds',
  'JitterStrategy',
];
export const BATCHER_FIELDS = ['MaxItemsPerBatch', 'MaxInputBytesPerBatch', 'BatchInput'];
/** Of a Map whose items are executions of their own, and of no other. */
export const DISTRIBUTED_FIELDS = ['ItemBatcher', 'Label', 'ToleratedFailureCount', 'ToleratedFailurePercentage'];

const ANY = ['Type', 'Comment', 'QueryLanguage', 'Output'];
const GOES_ON = [...ANY, 'Assign', 'Next', 'End'];
const RECOVERS = [...GOES_ON, 'Retry', 'Catch'];

export const STATE_FIELDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['Pass', GOES_ON],
  ['Task', [...RECOVERS, 'Resource', 'Arguments', 'TimeoutSeconds']],
  ['Choice', [...ANY, 'Assign', 'Choices', 'Default']],
  ['Wait', [...GOES_ON, 'Seconds', 'Timestamp']],
  ['Succeed', ANY],
  ['Fail', ['Type', 'Comment', 'QueryLanguage', 'Error', 'Cause']],
  ['Parallel', [...RECOVERS, 'Branches', 'Arguments']],
  ['Map', [...RECOVERS, 'Items', 'ItemSelector', 'ItemProcessor', 'MaxConcurrency', ...DISTRIBUTED_FIELDS]],
]);

/** What a task may tell Lambda's Invoke operation. */
export const INVOKE_ARGUMENTS = ['FunctionName', 'Payload'];
