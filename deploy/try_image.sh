#!/usr/bin/env bash
# What an image must do, tried on it: `deploy/try_image.sh ganscope`. Needs Docker.
set -euo pipefail
image=$1
name=ganscope-tried-$$
trap 'docker rm --force "$name" >/dev/null 2>&1 || true' EXIT

echo "without a password it ends in words"
if said=$(docker run --rm "$image" 2>&1); then
  echo "it served: $said"
  exit 1
fi
grep -q GAN_PASSWORD <<<"$said"

echo "its user is nobody special, and it trains"
test "$(docker run --rm --entrypoint id "$image" -u)" = 1000
docker run --rm "$image" train --steps 20
docker run --rm "$image" doctor --system

echo "it becomes healthy, lets nobody in without a ticket, and stops in order"
docker run --detach --name "$name" --env GAN_PASSWORD='a long sentence' --publish 127.0.0.1:8599:8501 "$image" >/dev/null
until [ "$(docker inspect --format '{{.State.Health.Status}}' "$name")" = healthy ]; do
  test "$(docker inspect --format '{{.State.Running}}' "$name")" = true
  sleep 1
done
curl --fail --silent http://127.0.0.1:8599/_stcore/health
test "$(curl --silent --output /dev/null --write-out '%{http_code}' http://127.0.0.1:8599/api/runs)" = 401
docker stop --time 30 "$name" >/dev/null
code=$(docker inspect --format '{{.State.ExitCode}}' "$name")
[ "$code" = 0 ] || [ "$code" = 143 ] # ended by the signal, after it had stopped in order; 137: it was killed
echo "all of it"
