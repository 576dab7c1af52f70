/** SQL: the day of a time where tenant $1 is; in UTC for who has no time zone. */
export const tenantsDayOf = (time: string): string => `(${time} AT TIME ZONE coalesce((SELECT time_zone FROM tenants WHERE code = $1), 'UTC'))::date`;

/** SQL: that of $2. */
export const TENANTS_DAY = tenantsDayOf('$2::timestamptz');
