/**
 * EventBridge: buses, PutEvents and the rules of the template. What was put last on each bus stays readable, for people
 * and tests.
 */
import { randomUUID } from 'node:crypto';
import { ACCOUNT, arnOf, REGION } from '../aws-account.ts';
import type { Matches } from '../event-source/filter-pattern.ts';
import { AwsError, type Input, type Operation, type Operations } from './aws-json.ts';

export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

export interface BusRule {
  readonly matches: Matches;
  deliver(event: BusEvent): void;
}

const ENTRIES_MAX = 10;
const KEPT_EVENTS = 1_000;

export class EventBuses {
  readonly #buses = new Map<string, { readonly rules: BusRule[]; readonly recent: BusEvent[] }>();

  create(name: string): string {
    if (!this.#buses.has(name)) this.#buses.set(name, { rules: [], recent: [] });
    return arnOf('events', `event-bus/${name}`);
  }

  addRule(busName: string, rule: BusRule): void {
    this.#bus(busName).rules.push(rule);
  }

  /** Oldest first. */
  recent(nameOrArn: string): readonly BusEvent[] {
    return this.#bus(nameOrArn).recent;
  }

  names(): readonly string[] {
    return [...this.#buses.keys()];
  }

  operations(): Operations {
    return new Map<string, Operation>([
      ['PutEvents', (input) => this.#putEvents(input)],
      ['ListEventBuses', () => ({ EventBuses: this.names().map((Name) => ({ Name, Arn: this.create(Name) })) })],
    ]);
  }

  #bus(nameOrArn: string) {
    const bus = this.#buses.get(nameOrArn.split('event-bus/').at(-1) ?? '');
    if (bus) return bus;
    throw new AwsError('ResourceNotFoundException', `Event bus ${nameOrArn} does not exist.`);
  }

  #putEvents(input: Input): unknown {
    const entries = Array.isArray(input.Entries) ? (input.Entries as Input[]) : [];
    if (entries.length < 1 || entries.length > ENTRIES_MAX) {
      throw new AwsError('ValidationException', `PutEvents takes 1 to ${ENTRIES_MAX} entries, not ${entries.length}`);
    }
    const results = entries.map((entry) => this.#putEvent(entry));
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  }

  #putEvent(entry: Input): object {
    const bus = this.#bus(String(entry.EventBusName ?? 'default'));
    const detail = parseDetail(entry.Detail);
    if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
    if (!entry.Source || !entry.DetailType) {
      return { ErrorCode: 'InvalidArgument', ErrorMessage: 'Source and DetailType are required.' };
    }
    const event: BusEvent = {
      version: '0',
      id: randomUUID(),
      'detail-type': String(entry.DetailType),
      source: String(entry.Source),
      account: ACCOUNT,
      time: new Date(typeof entry.Time === 'number' ? entry.Time * 1000 : Date.now()).toISOString(),
      region: REGION,
      resources: (entry.Resources as string[] | undefined) ?? [],
      detail,
    };
    bus.recent.push(event);
    if (bus.recent.length > KEPT_EVENTS) bus.recent.shift();
    for (const rule of bus.rules) if (rule.matches(event)) rule.deliver(event);
    return { EventId: event.id };
  }
}

function parseDetail(detail: unknown): object | undefined {
  try {
    const parsed: unknown = JSON.parse(String(detail));
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
