/** AWS::ApiGatewayV2::*: one HTTP API with functions behind its routes. */
import type { Cloud, DeclaredApi } from '../cloud.ts';
import type { AuthorizerSettings } from '../http-api/authorizer.ts';
import type { CorsSettings } from '../http-api/cors.ts';
import type { Properties, ResourceType } from '../template/deployment.ts';
import { REASONS } from './reasons.ts';

const INTEGRATION_TIMEOUT_MS = 30_000;

export function apiType(cloud: Cloud): ResourceType {
  return {
    properties: {
      CorsConfiguration: true,
      DisableExecuteApiEndpoint: REASONS.publicAccess,
      ProtocolType: true,
      Name: REASONS.description,
      Description: REASONS.description,
      Tags: REASONS.tags,
    },
    deploy: ({ stackName, logicalId }, { ProtocolType, CorsConfiguration }) => {
      const place = `${stackName}.${logicalId}`;
      if (ProtocolType !== 'HTTP') throw new Error(`${place}: the local runner serves HTTP APIs, not ${ProtocolType}`);
      if (cloud.apis.size > 0)
        throw new Error(`${place}: the local runner serves one HTTP API, and there is one already`);
      cloud.apis.set(logicalId, { id: logicalId, cors: CorsConfiguration as CorsSettings | undefined, routes: [] });
      return { ref: logicalId, attributes: { ApiEndpoint: cloud.surroundings.apiUrl, ApiId: logicalId } };
    },
  };
}

export function stageType(): ResourceType {
  return {
    properties: {
      ApiId: true,
      StageName: true,
      AutoDeploy: true,
      DefaultRouteSettings: {
        ThrottlingBurstLimit: REASONS.capacity,
        ThrottlingRateLimit: REASONS.capacity,
        DetailedMetricsEnabled: REASONS.observability,
      },
      RouteSettings: REASONS.capacity,
      AccessLogSettings: REASONS.observability,
      Description: REASONS.description,
      Tags: REASONS.tags,
    },
    deploy: ({ stackName, logicalId }, { StageName, AutoDeploy }) => {
      if (StageName !== '$default' || String(AutoDeploy) !== 'true') {
        throw new Error(`${stackName}.${logicalId}: the local runner serves the stage $default with AutoDeploy only`);
      }
      return { ref: '$default' };
    },
  };
}

export function integrationType(cloud: Cloud): ResourceType {
  return {
    properties: {
      ApiId: true,
      IntegrationType: true,
      IntegrationUri: true,
      PayloadFormatVersion: true,
      TimeoutInMillis: true,
    },
    deploy: ({ stackName, logicalId }, properties) => {
      const place = `${stackName}.${logicalId}`;
      const { IntegrationType, PayloadFormatVersion, IntegrationUri } = properties;
      if (IntegrationType !== 'AWS_PROXY' || PayloadFormatVersion !== '2.0') {
        throw new Error(`${place}: the local runner integrates by AWS_PROXY with payload format 2.0 only`);
      }
      cloud.integrations.set(logicalId, {
        target: cloud.functionOf(IntegrationUri, place),
        timeoutMs: Number(properties.TimeoutInMillis ?? INTEGRATION_TIMEOUT_MS),
      });
      return { ref: logicalId };
    },
  };
}

export function authorizerType(cloud: Cloud): ResourceType {
  return {
    properties: {
      ApiId: true,
      AuthorizerType: true,
      IdentitySource: true,
      JwtConfiguration: true,
      Name: REASONS.description,
    },
    deploy: ({ stackName, logicalId }, { AuthorizerType, IdentitySource, JwtConfiguration }) => {
      if (AuthorizerType !== 'JWT') {
        throw new Error(`${stackName}.${logicalId}: the local runner knows JWT authorizers, not ${AuthorizerType}`);
      }
      const { Issuer, Audience } = JwtConfiguration as { Issuer: string; Audience: readonly string[] };
      const [identitySource = '$request.header.Authorization'] = (IdentitySource ?? []) as readonly string[];
      cloud.authorizers.set(logicalId, { issuer: Issuer, audience: Audience, identitySource });
      return { ref: logicalId, attributes: { AuthorizerId: logicalId } };
    },
  };
}

export function routeType(cloud: Cloud): ResourceType {
  return {
    properties: {
      ApiId: true,
      AuthorizationScopes: true,
      AuthorizationType: true,
      AuthorizerId: true,
      RouteKey: true,
      Target: true,
      OperationName: REASONS.description,
    },
    deploy: ({ stackName, logicalId }, properties) => {
      const place = `${stackName}.${logicalId}`;
      const api = found(cloud.apis.get(String(properties.ApiId)), place, properties.ApiId) as DeclaredApi;
      const integration = String(properties.Target).replace('integrations/', '');
      const target = {
        ...found(cloud.integrations.get(integration), place, properties.Target),
        authorizer: authorizerOf(cloud, place, properties),
        scopes: (properties.AuthorizationScopes ?? []) as readonly string[],
      };
      api.routes.push({ key: String(properties.RouteKey), target });
      return { ref: logicalId };
    },
  };
}

function authorizerOf(cloud: Cloud, place: string, properties: Properties): AuthorizerSettings | undefined {
  const { AuthorizationType: type = 'NONE', AuthorizerId: id } = properties;
  if (type === 'NONE') return undefined;
  if (type !== 'JWT') throw new Error(`${place}: the local runner can't authorize by ${type}`);
  return found(cloud.authorizers.get(String(id)), place, id);
}

function found<Value>(value: Value | undefined, place: string, name: unknown): Value {
  if (value !== undefined) return value;
  throw new Error(`${place}: ${name} is not in the template`);
}
