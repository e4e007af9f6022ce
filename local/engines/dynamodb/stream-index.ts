/**
 * The engine numbers a stream's records by looking for the highest number so far, and without an index each write to a
 * table with a stream reads every record before it: after 16,000 records a write takes ten times as long, and it goes
 * on growing. One index more makes it constant. What is past the retention of a stream goes too, while nobody writes.
 */
import { DatabaseSync } from 'node:sqlite';

const RETENTION_SECONDS = 86_400;

export function indexStreamRecords(databaseFile: string, machineNow: number): void {
  const database = new DatabaseSync(databaseFile);
  try {
    database.exec(
      'CREATE INDEX IF NOT EXISTS shoal_stream_order ON _stream_records (table_name, CAST(sequence_number AS INTEGER))',
    );
    // The last record of each table stays: numbering goes on from it.
    database
      .prepare(
        'DELETE FROM _stream_records WHERE created_at < ? AND id NOT IN (SELECT MAX(id) FROM _stream_records GROUP BY table_name)',
      )
      .run(Math.floor(machineNow / 1000) - RETENTION_SECONDS);
  } finally {
    database.close();
  }
}
