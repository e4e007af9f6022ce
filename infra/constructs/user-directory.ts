import { Duration, Validations } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnUserPoolDomain,
  CfnUserPoolGroup,
  Mfa,
  UserPool,
  UserPoolClient,
  type UserPoolClientOptions,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { ROLES } from '#shared/api/operation.ts';
import type { StageSettings } from '../config.ts';

/** Users for an account that brings no OIDC issuer: groups are the roles, and `sandbox:<name>` opens a sandbox. */
export class UserDirectory extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;

  constructor(scope: Construct, id: string, { settings }: { readonly settings: StageSettings }) {
    super(scope, id);
    this.pool = this.createPool(settings);
    this.client = this.pool.addClient('ApiClient', {
      // No hosted pages yet: an operator gets a token with AWS credentials, an application by SRP.
      authFlows: { userSrp: true, adminUserPassword: true },
      disableOAuth: true,
      preventUserExistenceErrors: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(7),
    });
    this.createGroups(settings);
  }

  /** In the scope of who asks: its callback is an address that this stack doesn't know. */
  addConsoleClient(scope: Construct, options: UserPoolClientOptions, domain: string): UserPoolClient {
    new CfnUserPoolDomain(scope, 'SignIn', { domain, userPoolId: this.pool.userPoolId });
    return new UserPoolClient(scope, 'Client', { ...options, userPool: this.pool });
  }

  private createPool({ stage, removalPolicy, deletionProtection }: StageSettings): UserPool {
    const pool = new UserPool(this, 'Users', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
      },
      mfa: stage === 'prod' ? Mfa.REQUIRED : Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      deletionProtection,
      removalPolicy,
    });
    Validations.of(pool).acknowledge(
      {
        id: 'AwsSolutions-COG3',
        reason: 'Threat protection needs the Plus plan; companies at that scale bring an issuer.',
      },
      {
        id: 'AwsSolutions-COG8',
        reason: 'Threat protection needs the Plus plan; companies at that scale bring an issuer.',
      },
    );
    if (stage === 'dev') {
      Validations.of(pool).acknowledge({
        id: 'AwsSolutions-COG2',
        reason: 'A second factor is required in production; in development it is offered.',
      });
    }
    return pool;
  }

  private createGroups({ sandboxes }: StageSettings): void {
    const groups = [...ROLES, ...sandboxes.map((name) => `sandbox:${name}`)];
    for (const groupName of groups) {
      new CfnUserPoolGroup(this, `Group-${groupName}`, { userPoolId: this.pool.userPoolId, groupName });
    }
  }
}
