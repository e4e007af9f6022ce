/** DynamoDB permissions by what the code does. A transaction needs the permissions of its parts. */
export const READ_ITEMS = ['dynamodb:GetItem', 'dynamodb:BatchGetItem'] as const;
export const READ_PARTITIONS = [...READ_ITEMS, 'dynamodb:Query'] as const;
export const WRITE_ITEMS = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:ConditionCheckItem'] as const;
/** `BatchExecuteStatement` with conditional updates: many profiles, one call. */
export const WRITE_STATEMENTS = ['dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate', 'dynamodb:PartiQLSelect'] as const;
