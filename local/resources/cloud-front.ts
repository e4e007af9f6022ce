/** AWS::CloudFront::* and what puts files behind it: only the names. The runner serves the console's files itself. */
import type { ResourceType } from '../template/deployment.ts';
import { REASONS } from './reasons.ts';

const properties = { '*': REASONS.delivery };

export function deliveryType(): ResourceType {
  return {
    properties,
    deploy: ({ logicalId }) => {
      const attributes = { DomainName: `${logicalId.toLowerCase()}.cloudfront.net`, Id: logicalId, Arn: logicalId };
      return { ref: logicalId, attributes: { ...attributes, FunctionARN: logicalId, FunctionMetadata: logicalId } };
    },
  };
}
