/** Types that hold nothing a rule could demand, each with the reason. A project adds its own in its configuration. */
export const OUT_OF_SCOPE: Readonly<Record<string, string>> = {
  "aws:acm/certificate:Certificate": "AWS decides key and lifetime; an unvalidated one serves nothing.",
  "aws:acm/certificateValidation:CertificateValidation": "Waits for a certificate and sets nothing.",
  "aws:apigatewayv2/api:Api": "Its routes, stages and domain names carry what counts.",
  "aws:apigatewayv2/apiMapping:ApiMapping": "Joins a domain name and a stage, which are judged themselves.",
  "aws:apigatewayv2/integration:Integration": "Names a function, whose permission is judged.",
  "aws:appautoscaling/policy:Policy": "Changes a count within the target's bounds.",
  "aws:appautoscaling/target:Target": "Bounds a count.",
  "aws:backup/plan:Plan": "Makes more copies than there would be without it.",
  "aws:backup/selection:Selection": "Chooses what is copied; a role bounds it, and that is judged.",
  "aws:budgets/budget:Budget": "Watches costs and grants nothing; its texts are searched for secrets.",
  "aws:cloudfront/function:Function": "Rewrites requests at the edge; its code is searched for secrets.",
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy":
    "Adds headers to answers; weaker ones expose no data.",
  "aws:cloudwatch/dashboard:Dashboard": "Shows metrics to who may see them anyway.",
  "aws:cloudwatch/eventRule:EventRule": "Chooses events; where they go is judged by the receiver's policy.",
  "aws:cloudwatch/eventTarget:EventTarget": "Names a receiver, whose policy is judged.",
  "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": "Names a bucket, which is judged.",
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": "Counts log lines.",
  "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation":
    "Leads to an endpoint, whose policy is judged.",
  "aws:ecr/replicationConfiguration:ReplicationConfiguration":
    "Copies images to registries, which must admit copies of another account themselves.",
  "aws:efs/backupPolicy:BackupPolicy": "Makes more copies than there would be without it.",
  "aws:elasticache/parameterGroup:ParameterGroup": "Tunes the engine; no parameter opens it.",
  "aws:kms/alias:Alias": "Another name of a key, which is judged.",
  "aws:lambda/invocation:Invocation":
    "Calls a function, which is judged with its role; what it is told and answers is searched for secrets.",
  "aws:lb/listenerRule:ListenerRule": "Chooses a target behind a listener, which is judged.",
  "aws:lb/targetGroup:TargetGroup": "Lies inside the VPC, whose paths are judged.",
  "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": "Sizes a proxy's pool.",
  "aws:rds/proxyTarget:ProxyTarget": "Names the database of a proxy; both are judged.",
  "aws:route53/healthCheck:HealthCheck": "Asks a public address whether it answers.",
  "aws:route53/record:Record": "Names a public address of what is judged itself.",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration":
    "Deletes what is old; versions are judged.",
  "aws:secretsmanager/secretVersion:SecretVersion": "Holds a value in a secret, which is judged.",
  "aws:sns/topicSubscription:TopicSubscription": "Names a receiver; the topic's policy is judged.",
  "random:index/randomId:RandomId": "Makes part of a name.",
  "random:index/randomPassword:RandomPassword":
    "Makes a secret; where it goes is judged by secrets-in-plain-sight.",
};
