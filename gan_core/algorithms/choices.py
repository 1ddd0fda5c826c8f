"""What a recipe has chosen, as its algorithm asks for it; parts.Parts says what the words mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    import tensorflow as tf

    from gan_core.algorithms.labels import Unlabelled


class Choices(Protocol):
    """The choices of one recipe. Parts builds the algorithm, so it stands above what asks these."""

    @property
    def generator(self) -> Callable[[], Any]: ...

    @property
    def networks(self) -> Mapping[str, Callable[[], Any]]: ...

    @property
    def labels(self) -> Unlabelled: ...

    @property
    def update(self) -> Callable[..., dict[str, tf.Tensor]]: ...

    @property
    def inference_fakes(self) -> bool: ...

    @property
    def g_batches(self) -> int: ...

    @property
    def prior(self) -> Literal["normal", "uniform"]: ...

    @property
    def regularizers(self) -> Mapping[str, tuple[Callable[..., tf.Tensor], float]]: ...

    @property
    def penalised(self) -> int: ...
