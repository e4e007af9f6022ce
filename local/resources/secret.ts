/** AWS::SecretsManager::Secret: given, or generated once and kept. */
import type { Cloud } from '../cloud.ts';
import { pick } from '../engines/secrets-manager.ts';
import type { ResourceType } from '../template/deployment.ts';
import { REASONS } from './reasons.ts';

interface GenerateSecretString {
  readonly PasswordLength?: number;
  readonly ExcludeCharacters?: string;
  readonly ExcludeLowercase?: boolean;
  readonly ExcludeUppercase?: boolean;
  readonly ExcludeNumbers?: boolean;
  readonly ExcludePunctuation?: boolean;
  readonly SecretStringTemplate?: string;
  readonly GenerateStringKey?: string;
}

const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

export function secretType({ surroundings }: Cloud): ResourceType {
  return {
    properties: {
      Name: true,
      SecretString: true,
      GenerateSecretString: {
        PasswordLength: true,
        ExcludeCharacters: true,
        ExcludeLowercase: true,
        ExcludeUppercase: true,
        ExcludeNumbers: true,
        ExcludePunctuation: true,
        SecretStringTemplate: true,
        GenerateStringKey: true,
        RequireEachIncludedType: 'a long random string has each type',
      },
      Description: REASONS.description,
      KmsKeyId: REASONS.encryption,
      Tags: REASONS.tags,
    },
    deploy: ({ stackName, logicalId }, properties) => {
      const name = String(properties.Name ?? `${stackName}-${logicalId}`);
      const rules = (properties.GenerateSecretString ?? {}) as GenerateSecretString;
      const given = properties.SecretString;
      const { arn } = surroundings.engines.secrets.ensure(name, () => (given ? String(given) : generate(rules)));
      return { ref: arn, attributes: { Id: arn } };
    },
  };
}

function generate(rules: GenerateSecretString): string {
  const alphabet = [
    rules.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    rules.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    rules.ExcludeNumbers ? '' : '0123456789',
    rules.ExcludePunctuation ? '' : PUNCTUATION,
  ].join('');
  const allowed = [...alphabet].filter((character) => !rules.ExcludeCharacters?.includes(character)).join('');
  const password = pick(allowed, Number(rules.PasswordLength ?? 32));
  if (rules.GenerateStringKey === undefined) return password;
  return JSON.stringify({ ...JSON.parse(rules.SecretStringTemplate ?? '{}'), [rules.GenerateStringKey]: password });
}
