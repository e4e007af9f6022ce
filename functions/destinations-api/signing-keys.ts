import { type Destination, SIGNING_KEYS_MAX, type SigningKey } from '#shared/activation/destination.ts';
import type { DestinationPorts } from './ports.ts';

export interface NewKeys {
  readonly signingKeys: readonly SigningKey[];
  /** For the one answer that shows it. */
  readonly signingSecret: { readonly keyId: string; readonly secret: string };
}

/** The new key comes first, the one before stays beside it, and an older one goes. */
export async function withNewKey(
  { id, signingKeys }: Pick<Destination, 'id' | 'signingKeys'>,
  { seal, newId, newSecret, now }: DestinationPorts,
): Promise<NewKeys> {
  const signingSecret = { keyId: newId(), secret: newSecret() };
  const sealedSecret = await seal.seal(signingSecret.secret, id);
  const key = { keyId: signingSecret.keyId, sealedSecret, creationTime: now() };
  return { signingKeys: [key, ...signingKeys].slice(0, SIGNING_KEYS_MAX), signingSecret };
}
