"""The session of one request: it reads until it is told to write, and reads again when what it wrote is over."""

from sqlalchemy.orm import Session

from judging.models.engine import reads_only


class UnitOfWork(Session):
    """A session that a request writes with once, between :meth:`begin_writing` and its commit or rollback.

    Jobs and commands, which never call :meth:`begin_writing`, use it as any session.
    """

    _writes = False
    _put_off = False
    acted = False
    """Whether the view has committed; true also while the commit is put off."""

    def begin_writing(self) -> None:
        """End the reading transaction: what it read may be out of date. The next statement waits for its turn."""
        self.rollback()
        self.expire_all()
        self._writes, self.acted = True, False
        reads_only.set(False)

    def begin_reading(self) -> None:
        """End the writing; what the view has not committed is given up. From here on one only reads."""
        if self._writes:
            self.rollback()

    @property
    def writes(self) -> bool:
        """Whether the present transaction is the one that the request writes with."""
        return self._writes

    def rest(self) -> None:
        """End a reading transaction, keeping what was read, so that none is open while something else is waited for."""
        if reads_only.get():
            super().commit()

    def put_commit_off(self) -> None:
        """Let the view's commit only note that it has acted, until :meth:`commit_now`; what went before is not its."""
        self._put_off, self.acted = True, False

    def commit_now(self) -> None:
        """Commit what was put off, and no longer put off."""
        self._put_off = False
        if self.acted:
            self.commit()

    def commit(self) -> None:
        """Commit, or note that the view has acted. Where that fails nothing was done, and nobody commits it again."""
        self.acted = True
        try:
            if self._put_off:
                self.flush()
            else:
                super().commit()
                self._over()
        except BaseException:
            self.acted = False
            raise

    def rollback(self) -> None:
        """Roll back; what the view has committed before stays, also where that was put off."""
        if self._put_off and self.acted and self.is_active:
            self.commit_now()
        super().rollback()
        self._over()

    def close(self) -> None:
        """Close; whatever was not committed is rolled back."""
        super().close()
        self._writes = self._put_off = False

    def _over(self) -> None:
        if self._writes:
            self._writes = False
            reads_only.set(True)
