/** Names of fields and columns that say since when a row is there. */
export const CREATED_AT = /^(created|inserted|registered|joined|signed_?up|signup)_?(at|on|date|time)?$/i
