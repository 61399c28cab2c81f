"""Marks that constructs leave on each other."""

from __future__ import annotations

import gc

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from ha_patterns.cdk.marks import all_marked, mark, marked


def test_a_mark_is_found_by_whatever_stands_for_the_construct() -> None:
    stack = cdk.Stack(cdk.App(), "Test")
    for construct in (sns.Topic(stack, "Made"), s3.Bucket.from_bucket_name(stack, "Imported", "pages")):
        mark(construct, "seen")
        mark(construct, "by", "one")
        mark(construct, "by", "another")
    sns.Topic(stack, "Other")
    del construct
    gc.collect()

    for name in ("Made", "Imported"):
        found = stack.node.find_child(name)
        assert marked(found, "seen") is True
        assert (marked(found, "by"), all_marked(found, "by")) == ("one", ["one", "another"])
        assert (marked(found, "see"), all_marked(found, "see")) == (None, [])
    assert (marked(stack.node.find_child("Other"), "seen"), all_marked(stack, "by")) == (None, [])
