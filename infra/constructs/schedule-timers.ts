import { Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { ServiceFunction } from './service-function.ts';

/** Schedules of EventBridge Scheduler that are made at run time, in a group of their own, each calling one function. */
export class ScheduleTimers extends Construct {
  readonly #group: CfnScheduleGroup;
  readonly #role: Role;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.#group = new CfnScheduleGroup(this, 'Group');
    this.#role = new Role(this, 'Role', { assumedBy: this.scheduler });
  }

  /** Of this account only: nobody else's schedule gets the role lent. */
  private get scheduler(): ServicePrincipal {
    const conditions = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
    return new ServicePrincipal('scheduler.amazonaws.com', { conditions });
  }

  /** What a function needs to know that puts timers, besides what they call. */
  get environment(): { readonly SCHEDULE_GROUP: string; readonly SCHEDULE_ROLE: string } {
    return { SCHEDULE_GROUP: this.#group.ref, SCHEDULE_ROLE: this.#role.roleArn };
  }

  call({ functionArn }: ServiceFunction): void {
    this.#role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] }));
  }

  allowPutting(target: ServiceFunction): void {
    const stack = Stack.of(this);
    const resourceName = `${this.#group.ref}/*`;
    target.allow(
      ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule', 'scheduler:UpdateSchedule'],
      stack.formatArn({ service: 'scheduler', resource: 'schedule', resourceName }),
    );
    target.allow(['iam:PassRole'], this.#role.roleArn);
    const group = stack.getLogicalId(this.#group);
    const arn = `arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/<${group}>/*`;
    Validations.of(target.role as Role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${arn}]`,
      reason: "Schedules of this service's own group, whose names are made at run time; no other group is reachable.",
    });
  }
}
