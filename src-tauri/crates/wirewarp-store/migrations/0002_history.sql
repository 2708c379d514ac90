-- What was done stays written down, whatever the program does.
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
BEGIN SELECT RAISE (ABORT, 'the audit log is never shortened'); END;
CREATE TRIGGER audit_is_final BEFORE UPDATE ON audit
BEGIN SELECT RAISE (ABORT, 'the audit log is never changed'); END;
CREATE TRIGGER operations_stay BEFORE DELETE ON operations
BEGIN SELECT RAISE (ABORT, 'operations are never deleted'); END;
CREATE TRIGGER operation_steps_stay BEFORE DELETE ON operation_steps
BEGIN SELECT RAISE (ABORT, 'the steps of operations are never deleted'); END;
CREATE TRIGGER plans_are_final BEFORE UPDATE ON plans
BEGIN SELECT RAISE (ABORT, 'a plan is never changed'); END;
