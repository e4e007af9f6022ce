/** SQS's API, over the queues of the template. */
import { ACCOUNT, arnOf } from '../../aws-account.ts';
import {
  AwsError,
  type Input,
  type Operation,
  type Operations,
  optionalInteger,
  optionalString,
  requiredString,
} from '../aws-json.ts';
import { type Message, type MessageAttributes, md5OfAttributes, md5OfBody } from './message.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './queues.ts';

const BATCH_ENTRIES_MAX = 10;
const BATCH_BYTES_MAX = 1024 * 1024;
const DELAY_SECONDS_MAX = 900;
const VISIBILITY_SECONDS_MAX = 43_200;
const WAIT_SECONDS_MAX = 20;
const DEFAULTS = {
  visibilitySeconds: 30,
  delaySeconds: 0,
  retentionSeconds: 4 * 86_400,
  messageBytesMax: 1024 * 1024,
  waitSeconds: 0,
} as const;

/** `endpoint`: where queues are that are created by a call. */
export function sqsOperations(queues: Queues, endpoint: () => string): Operations {
  const queue = (input: Input) => queues.find(requiredString(input, 'QueueUrl'));
  const ofQueue = (run: (queue: Queue, input: Input) => unknown) => (input: Input) => run(queue(input), input);
  return new Map<string, Operation>([
    ['GetQueueUrl', (input) => ({ QueueUrl: queues.find(requiredString(input, 'QueueName')).settings.url })],
    ['CreateQueue', (input) => createQueue(queues, endpoint(), input)],
    ['ListQueues', (input) => listQueues(queues, input)],
    ['GetQueueAttributes', ofQueue(queueAttributes)],
    ['SendMessage', ofQueue(sendMessage)],
    ['SendMessageBatch', ofQueue(sendBatch)],
    ['ReceiveMessage', ofQueue(receiveMessage)],
    ['DeleteMessage', ofQueue(deleteMessage)],
    ['DeleteMessageBatch', ofQueue((one, input) => each(input, (entry) => deleteMessage(one, entry)))],
    ['ChangeMessageVisibility', ofQueue(changeVisibility)],
    ['ChangeMessageVisibilityBatch', ofQueue((one, input) => each(input, (entry) => changeVisibility(one, entry)))],
    ['PurgeQueue', ofQueue((one) => one.purge())],
    ['ListDeadLetterSourceQueues', ofQueue((one) => ({ queueUrls: queues.sourcesOf(one).map(urlOf) }))],
    ['StartMessageMoveTask', (input) => startMove(queues, input)],
    ['ListMessageMoveTasks', (input) => listMoves(queues, input)],
  ]);
}

const urlOf = ({ settings }: Queue) => settings.url;

/** Beside those of the template: one that somebody else has, for instance a destination's. As AWS makes it unless told. */
function createQueue(queues: Queues, endpoint: string, input: Input): object {
  if (Object.keys((input.Attributes ?? {}) as object).length > 0) {
    throw new AwsError('InvalidAttributeName', 'The local runner creates queues with the default attributes only.');
  }
  const name = requiredString(input, 'QueueName');
  const known = queues.list().find(({ settings }) => settings.name === name);
  const made =
    known ?? queues.create({ ...DEFAULTS, name, arn: arnOf('sqs', name), url: `${endpoint}/${ACCOUNT}/${name}` });
  return { QueueUrl: urlOf(made) };
}

function listQueues(queues: Queues, input: Input): object {
  const prefix = optionalString(input, 'QueueNamePrefix') ?? '';
  const found = queues.list().filter(({ settings }) => settings.name.startsWith(prefix));
  return { QueueUrls: found.map(urlOf) };
}

function queueAttributes({ settings, counts }: Queue, input: Input): object {
  const { deadLetters } = settings;
  const policy = deadLetters && { deadLetterTargetArn: deadLetters.arn, maxReceiveCount: deadLetters.receivesMax };
  const all: Readonly<Record<string, string>> = {
    QueueArn: settings.arn,
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.hidden),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    VisibilityTimeout: String(settings.visibilitySeconds),
    DelaySeconds: String(settings.delaySeconds),
    MessageRetentionPeriod: String(settings.retentionSeconds),
    MaximumMessageSize: String(settings.messageBytesMax),
    ReceiveMessageWaitTimeSeconds: String(settings.waitSeconds),
    ...(policy && { RedrivePolicy: JSON.stringify(policy) }),
  };
  const wanted = (input.AttributeNames ?? []) as readonly string[];
  const isWanted = ([name]: readonly [string, string]) => wanted.includes('All') || wanted.includes(name);
  return { Attributes: Object.fromEntries(Object.entries(all).filter(isWanted)) };
}

function within(input: Input, field: string, max: number): number | undefined {
  const value = optionalInteger(input, field);
  if (value === undefined || (value >= 0 && value <= max)) return value;
  const reason = `Value ${value} for parameter ${field} is invalid. Reason: Must be between 0 and ${max}.`;
  throw new AwsError('InvalidParameterValue', reason);
}

function sendMessage(queue: Queue, input: Input): object {
  if (input.MessageGroupId !== undefined && input.MessageDeduplicationId !== undefined) {
    throw new AwsError(
      'InvalidParameterValue',
      'The local runner has no FIFO queues, whose MessageDeduplicationId this is.',
    );
  }
  const message = queue.send({
    body: requiredString(input, 'MessageBody'),
    attributes: (input.MessageAttributes ?? {}) as MessageAttributes,
    delaySeconds: within(input, 'DelaySeconds', DELAY_SECONDS_MAX),
  });
  const attributesMd5 = md5OfAttributes(message.attributes);
  return {
    MessageId: message.id,
    MD5OfMessageBody: md5OfBody(message),
    ...(attributesMd5 !== undefined && { MD5OfMessageAttributes: attributesMd5 }),
  };
}

function sendBatch(queue: Queue, input: Input): Promise<object> {
  const bytes = entriesOf(input).reduce((sum, { MessageBody }) => sum + Buffer.byteLength(String(MessageBody)), 0);
  if (bytes > BATCH_BYTES_MAX) {
    const reason = `Batch requests cannot be longer than ${BATCH_BYTES_MAX} bytes. You have sent ${bytes} bytes.`;
    throw new AwsError('BatchRequestTooLong', reason);
  }
  return each(input, (entry) => sendMessage(queue, entry));
}

async function receiveMessage(queue: Queue, input: Input): Promise<object> {
  const count = optionalInteger(input, 'MaxNumberOfMessages') ?? 1;
  if (count < 1 || count > BATCH_ENTRIES_MAX) {
    const reason = `Value ${count} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10.`;
    throw new AwsError('InvalidParameterValue', reason);
  }
  const visibilitySeconds = within(input, 'VisibilityTimeout', VISIBILITY_SECONDS_MAX);
  const waitSeconds = within(input, 'WaitTimeSeconds', WAIT_SECONDS_MAX) ?? queue.settings.waitSeconds;
  const received = await queue.receiveWithin({ count, visibilitySeconds }, waitSeconds * 1000);
  const system = [input.AttributeNames, input.MessageSystemAttributeNames].flat().map(String);
  const own = ((input.MessageAttributeNames ?? []) as unknown[]).map(String);
  return received.length === 0 ? {} : { Messages: received.map((message) => describe(message, system, own)) };
}

function describe(message: Message, system: readonly string[], own: readonly string[]): object {
  const Attributes = chosen(systemAttributes(message), system);
  const MessageAttributes = chosen(message.attributes, own);
  const attributesMd5 = md5OfAttributes(MessageAttributes);
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: md5OfBody(message),
    ...(Object.keys(Attributes).length > 0 && { Attributes }),
    ...(attributesMd5 !== undefined && { MessageAttributes, MD5OfMessageAttributes: attributesMd5 }),
  };
}

/** `All`, names, and beginnings of names as `a.*`. */
function chosen<Value>(values: Readonly<Record<string, Value>>, names: readonly string[]): Record<string, Value> {
  const isChosen = (name: string) =>
    names.some((one) => one === 'All' || one === name || (one.endsWith('.*') && name.startsWith(one.slice(0, -2))));
  return Object.fromEntries(Object.entries(values).filter(([name]) => isChosen(name)));
}

export function systemAttributes(message: Message): Readonly<Record<string, string>> {
  const { deadLetterSourceArn } = message;
  return {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: String(message.sentAt),
    SenderId: 'local',
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    ...(deadLetterSourceArn !== undefined && { DeadLetterQueueSourceArn: deadLetterSourceArn }),
  };
}

function deleteMessage(queue: Queue, input: Input): object {
  queue.delete(requiredString(input, 'ReceiptHandle'));
  return {};
}

function changeVisibility(queue: Queue, input: Input): object {
  const seconds = within(input, 'VisibilityTimeout', VISIBILITY_SECONDS_MAX) ?? 0;
  queue.changeVisibility(requiredString(input, 'ReceiptHandle'), seconds);
  return {};
}

function entriesOf(input: Input): readonly Input[] {
  const entries = (input.Entries ?? []) as readonly Input[];
  if (entries.length === 0)
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > BATCH_ENTRIES_MAX) {
    const reason = `Maximum number of entries per request are ${BATCH_ENTRIES_MAX}. You have sent ${entries.length}.`;
    throw new AwsError('TooManyEntriesInBatchRequest', reason);
  }
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
    throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  }
  return entries;
}

/** Each entry succeeds or fails by itself. */
async function each(input: Input, run: (entry: Input) => object): Promise<object> {
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entriesOf(input)) {
    try {
      Successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, Code: error.type, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, Failed };
}

function startMove(queues: Queues, input: Input): object {
  const task = queues.move(requiredString(input, 'SourceArn'), optionalString(input, 'DestinationArn'));
  return { TaskHandle: task.handle };
}

function listMoves(queues: Queues, input: Input): object {
  const sourceArn = requiredString(input, 'SourceArn');
  queues.find(sourceArn);
  const tasks = queues.tasksOf(sourceArn).slice(0, optionalInteger(input, 'MaxResults') ?? 1);
  return {
    Results: tasks.map(({ destinationArn, startedAt, moved }) => ({
      Status: 'COMPLETED',
      SourceArn: sourceArn,
      ...(destinationArn !== undefined && { DestinationArn: destinationArn }),
      ApproximateNumberOfMessagesMoved: moved,
      ApproximateNumberOfMessagesToMove: moved,
      StartedTimestamp: startedAt,
    })),
  };
}
