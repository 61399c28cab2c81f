"""Fails where S3 does not answer for a bucket, so that the function's own errors tell of it."""

import os

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

_QUICK = Config(connect_timeout=2, read_timeout=2, retries={"total_max_attempts": 3, "mode": "standard"})


def handler(_event: object, _context: object) -> None:
    """Read an object. That the bucket has none is an answer of S3 too; that reading it is denied is not."""
    try:
        answer = boto3.client("s3", config=_QUICK).get_object(Bucket=os.environ["BUCKET"], Key=os.environ["KEY"])
        answer["Body"].read(1)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchKey":
            raise
