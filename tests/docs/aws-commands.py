"""Asks AWS's command line whether it takes commands; in place of AWS an answer of the interface's own shape comes back.

Commands as JSON on standard input; prints what is said of each."""
import contextlib, functools, io, json, os, sys, tempfile
from awscli.clidriver import create_clidriver
from botocore.client import BaseClient
from botocore.exceptions import ParamValidationError
from botocore.utils import ArgumentGenerator
from botocore.validate import ParamValidator

PAGES = {"NextToken", "nextToken", "PaginationToken", "NextPageToken", "Marker", "NextMarker", "NextKeyMarker", "NextVersionIdMarker"}


def answered(client, operation, parameters):
    model = client.meta.service_model.operation_model(operation)
    if model.input_shape is not None:
        report = ParamValidator().validate(parameters, model.input_shape)
        if report.has_errors():
            raise ParamValidationError(report=report.generate_report())
    if model.output_shape is None:
        return {}
    answer = ArgumentGenerator(use_member_names=True).generate_skeleton(model.output_shape)
    for name in [*answer]:
        # There is no further page; and what AWS streams goes to a file.
        if name in PAGES or model.output_shape.members[name].type_name == "blob":
            del answer[name]
    return answer


BaseClient._make_api_call = answered


@functools.cache
def asked(words):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = create_clidriver().main(["--region", "us-east-1", *words])
        except SystemExit as ended:
            code = ended.code
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}


commands = json.load(sys.stdin)
with tempfile.TemporaryDirectory() as folder:
    # Some commands write what they get to a file.
    os.chdir(folder)
    answers = [asked(tuple(words)) for words in commands]
    os.chdir("/")
json.dump(answers, sys.stdout)
