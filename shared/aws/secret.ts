import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { invariant } from '#shared/kernel/invariant.ts';

/** Reads a secret's text once and keeps it for the life of the process; a failed read is tried again by the next caller. */
export function secretReader(arn: string, client = new SecretsManagerClient({})): () => Promise<string> {
  let pending: Promise<string> | undefined;
  const read = async () => {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    invariant(SecretString, 'the secret holds no text');
    return SecretString;
  };
  return () => {
    pending ??= read().catch((error: unknown) => {
      pending = undefined;
      throw error;
    });
    return pending;
  };
}
