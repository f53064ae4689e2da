"""Review by people: the queue, claims, verdicts, undoable actions, escalations, reports, appeals and second reviews."""
