/**
 * SQL for every port of the floors below: SQLite in one file, or PostgreSQL for several replicas.
 * The only room that knows a database.
 */
@NullMarked
package dev.understudy.store;

import org.jspecify.annotations.NullMarked;
