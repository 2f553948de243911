"""A notebook client whose kernel is started once more if it died at birth.

Kernels take free TCP ports. Two that start at the same moment, in two processes, can take one
port, and one of them dies before it answers.
"""

from __future__ import annotations

from typing import Any

from jupyter_core.utils import run_sync
from nbclient import NotebookClient

__all__ = ["Client"]

_TRIES = 3
_AT_BIRTH = "Kernel died before replying"


class Client(NotebookClient):
    """As nbclient's, but for a kernel that dies before it has answered."""

    async def async_start_new_kernel(self, **asked: Any) -> None:
        """Start a kernel, and keep what was asked of it."""
        self._asked = asked
        await super().async_start_new_kernel(**asked)

    async def async_start_new_kernel_client(self) -> Any:
        """Connect to the kernel; start another in place of one that died at birth."""
        for _ in range(_TRIES - 1):
            try:
                return await super().async_start_new_kernel_client()
            except RuntimeError as error:
                if _AT_BIRTH not in str(error):
                    raise
                self.create_kernel_manager()
                await self.async_start_new_kernel(**self._asked)
        return await super().async_start_new_kernel_client()

    start_new_kernel = run_sync(async_start_new_kernel)
    start_new_kernel_client = run_sync(async_start_new_kernel_client)
