/** Secrets with their current value. What the template generates is generated once and kept with the other state. */
import { randomInt, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { arnOf } from '../aws-account.ts';
import { AwsError, type Input, type Operation, type Operations, requiredString } from './aws-json.ts';

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly value: string;
  readonly versionId: string;
  readonly createdAt: number;
}

export class Secrets {
  readonly #secrets: Map<string, Secret>;
  readonly #file: string | undefined;

  /** `file` keeps them from one run to the next. */
  constructor(file?: string) {
    this.#file = file;
    const kept = file && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Secret[]) : [];
    this.#secrets = new Map(kept.map((secret) => [secret.name, secret]));
  }

  /** The secret of this name; made by `generate` if there is none yet. */
  ensure(name: string, generate: () => string): Secret {
    const existing = this.#secrets.get(name);
    if (existing) return existing;
    const arn = arnOf('secretsmanager', `secret:${name}-${suffix()}`);
    const secret = { name, arn, value: generate(), versionId: randomUUID(), createdAt: Date.now() };
    this.#secrets.set(name, secret);
    if (this.#file) writeFileSync(this.#file, JSON.stringify([...this.#secrets.values()]), { mode: 0o600 });
    return secret;
  }

  find(nameOrArn: string): Secret {
    const found = [...this.#secrets.values()].find(({ name, arn }) => name === nameOrArn || arn === nameOrArn);
    if (found) return found;
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }

  operations(): Operations {
    const of = (input: Input) => this.find(requiredString(input, 'SecretId'));
    return new Map<string, Operation>([
      ['GetSecretValue', (input) => ({ ...describe(of(input)), SecretString: of(input).value })],
      ['DescribeSecret', (input) => describe(of(input))],
    ]);
  }
}

function describe({ name, arn, versionId, createdAt }: Secret): object {
  return {
    ARN: arn,
    Name: name,
    VersionId: versionId,
    VersionStages: ['AWSCURRENT'],
    CreatedDate: createdAt / 1000,
  };
}

/** Six characters, as the service adds them to a secret's ARN. */
function suffix(): string {
  return pick('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', 6);
}

export function pick(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
