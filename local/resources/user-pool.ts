/** AWS::Cognito::*: only the names that authorizers are built from. Tokens come from the local issuer. */
import { arnOf, REGION } from '../aws-account.ts';
import type { ResourceType } from '../template/deployment.ts';
import { REASONS } from './reasons.ts';

const properties = { '*': REASONS.signIn };

export function userPoolType(): ResourceType {
  return {
    properties,
    deploy: ({ logicalId }) => {
      const id = `${REGION}_${logicalId}`;
      const host = `cognito-idp.${REGION}.amazonaws.com/${id}`;
      const attributes = {
        Arn: arnOf('cognito-idp', `userpool/${id}`),
        ProviderName: host,
        ProviderURL: `https://${host}`,
      };
      return { ref: id, attributes: { ...attributes, UserPoolId: id } };
    },
  };
}

export function userPoolClientType(): ResourceType {
  return { properties, deploy: ({ logicalId }) => ({ ref: logicalId, attributes: { ClientId: logicalId } }) };
}

export function userPoolGroupType(): ResourceType {
  return { properties, deploy: (_, { GroupName }) => ({ ref: String(GroupName) }) };
}
