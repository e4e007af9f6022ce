import { join } from 'node:path';
import { Aws, CfnOutput, CustomResource, Duration, Fn, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginRequestPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { OAuthScope, type UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { bundleConsole } from '#console/bundle.ts';
import { env } from '#functions/deploy-console/env.ts';
import type { StageSettings } from '../config.ts';
import type { DataStack } from '../data-stack.ts';
import { regionOf, ServiceFunction } from './service-function.ts';

interface ConsoleProps {
  readonly settings: StageSettings;
  readonly data: DataStack;
  readonly api: HttpApi;
}

const root = join(import.meta.dirname, '../..');

/**
 * Files lie in /assets, or beside the page with an ending. Every other address is the one page, which finds out by itself
 * which it is: addresses of people end like files, in the name of a mail server.
 */
const PAGE_FOR_ADDRESSES = `function handler(event) {
  var request = event.request;
  if (!/^\\/(assets\\/|[^/]*[.][^/]*$)/.test(request.uri)) request.uri = '/index.html';
  return request;
}`;

/** The web console on a CDN, with the API under the same address, so that neither has to allow the other's origin. */
export class Console extends Construct {
  readonly distribution: Distribution;
  /** Whose tokens the API has to take; absent when a configured issuer knows its own clients. */
  readonly client: UserPoolClient | undefined;
  private readonly site: Bucket;

  constructor(scope: Construct, id: string, props: ConsoleProps) {
    super(scope, id);
    this.site = this.createBucket();
    this.distribution = this.createDistribution(props);
    this.client = this.createClient(props);
    this.deployFiles(props);
    new CfnOutput(this, 'Url', { value: this.url });
  }

  private get url(): string {
    return `https://${this.distribution.distributionDomainName}/`;
  }

  private createBucket(): Bucket {
    const site = new Bucket(this, 'Site', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(site).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Holds the public files of the console, read by the CDN only.',
    });
    return site;
  }

  private createDistribution(props: ConsoleProps): Distribution {
    const viewerProtocolPolicy = ViewerProtocolPolicy.REDIRECT_TO_HTTPS;
    const pages = new EdgeFunction(this, 'Pages', {
      code: FunctionCode.fromInline(PAGE_FOR_ADDRESSES),
      runtime: FunctionRuntime.JS_2_0,
    });
    const distribution = new Distribution(this, 'Distribution', {
      comment: `Shoal console (${props.settings.stage})`,
      priceClass: PriceClass.PRICE_CLASS_100,
      httpVersion: HttpVersion.HTTP2_AND_3,
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(this.site),
        viewerProtocolPolicy,
        responseHeadersPolicy: this.createHeaders(props),
        functionAssociations: [{ function: pages, eventType: FunctionEventType.VIEWER_REQUEST }],
      },
      additionalBehaviors: {
        '/data/*': {
          origin: new HttpOrigin(`${props.api.apiId}.execute-api.${regionOf(this)}.${Aws.URL_SUFFIX}`),
          viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
          allowedMethods: AllowedMethods.ALLOW_ALL,
          cachePolicy: CachePolicy.CACHING_DISABLED,
          originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        },
      },
    });
    Validations.of(distribution).acknowledge(
      { id: 'AwsSolutions-CFR1', reason: 'Where people work from is not for Shoal to say; the API asks for a token.' },
      {
        id: 'AwsSolutions-CFR2',
        reason: 'Static files, and an API with a throttle of its own: a firewall costs more than both.',
      },
      { id: 'AwsSolutions-CFR3', reason: 'The API logs its requests; of the files there is nothing to tell.' },
      {
        id: 'AwsSolutions-CFR4',
        reason: 'A certificate of an own domain sets the version; without one CloudFront’s default holds.',
      },
    );
    return distribution;
  }

  private createHeaders({ settings: { oidc } }: ConsoleProps): ResponseHeadersPolicy {
    const signIn = oidc === undefined ? [this.cognitoHost(), this.signInHost()] : [new URL(oidc.issuer).origin];
    const contentSecurityPolicy = [
      "default-src 'self'",
      `connect-src 'self' ${signIn.join(' ')}`,
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data:",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "object-src 'none'",
    ].join('; ');
    return new ResponseHeadersPolicy(this, 'Headers', {
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy, override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.SAME_ORIGIN, override: true },
        strictTransportSecurity: { accessControlMaxAge: Duration.days(365), includeSubdomains: true, override: true },
      },
    });
  }

  private domainPrefix(): string {
    return Fn.join('-', ['shoal', Aws.ACCOUNT_ID, Aws.REGION]);
  }

  private cognitoHost(): string {
    return `https://cognito-idp.${regionOf(this)}.amazonaws.com`;
  }

  private signInHost(): string {
    return `https://${this.domainPrefix()}.auth.${regionOf(this)}.amazoncognito.com`;
  }

  /** A public client: PKCE in the place of a secret, which a page can't keep. */
  private createClient({ data: { users } }: ConsoleProps): UserPoolClient | undefined {
    if (users === undefined) return undefined;
    return users.addConsoleClient(
      this,
      {
        generateSecret: false,
        preventUserExistenceErrors: true,
        accessTokenValidity: Duration.hours(1),
        refreshTokenValidity: Duration.days(1),
        oAuth: {
          flows: { authorizationCodeGrant: true },
          scopes: [OAuthScope.OPENID, OAuthScope.PROFILE],
          callbackUrls: [this.url],
          logoutUrls: [this.url],
        },
      },
      this.domainPrefix(),
    );
  }

  private signIn({ settings: { oidc }, data: { users } }: ConsoleProps): Readonly<Record<string, string | undefined>> {
    if (oidc !== undefined) {
      return { kind: 'oidc', issuer: oidc.issuer, clientId: oidc.audience[0], scope: 'openid profile' };
    }
    const issuer = `${this.cognitoHost()}/${users?.pool.userPoolId}`;
    return { kind: 'oidc', issuer, clientId: this.client?.userPoolClientId, scope: 'openid profile' };
  }

  private deployFiles(props: ConsoleProps): void {
    const { settings } = props;
    const bundle = new Asset(this, 'Bundle', { path: bundleConsole(root) });
    const deploy = new ServiceFunction(this, 'DeployConsole', {
      name: 'deploy-console',
      settings,
      env,
      environment: { SITE_BUCKET: this.site.bucketName },
      timeout: Duration.minutes(5),
      memorySize: 512,
    });
    deploy.allow(['s3:GetObject'], bundle.bucket.arnForObjects(bundle.s3ObjectKey));
    deploy.allow(['s3:ListBucket'], this.site.bucketArn);
    deploy.allow(['s3:DeleteObject', 's3:PutObject'], this.site.arnForObjects('*'));
    const siteId = Stack.of(this).getLogicalId(this.site.node.defaultChild as CfnBucket);
    Validations.of(deploy.role as Role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${siteId}.Arn>/*]`,
      reason: 'The bucket holds the console and nothing else; its files are named by the build.',
    });
    const config = { apiUrl: '', sandboxes: settings.sandboxes, signIn: this.signIn(props) };
    new CustomResource(this, 'Files', {
      resourceType: 'Custom::ConsoleFiles',
      serviceToken: deploy.functionArn,
      properties: {
        BundleBucket: bundle.s3BucketName,
        BundleKey: bundle.s3ObjectKey,
        Config: props.api.stack.toJsonString(config),
      },
    });
  }
}
