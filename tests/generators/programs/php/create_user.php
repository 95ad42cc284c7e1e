<?php

// Creates a user, reads it back, and deletes it.

require 'autoload.php';

use OpenAPI\Client\{Api\UsersApi, ApiException, Configuration, Model\UserRequest};

$configuration = Configuration::getDefaultConfiguration()
    ->setHost(getenv('ROLLCALL_URL') . '/api/v3')
    ->setAccessToken(getenv('ROLLCALL_TOKEN'));
$api = new UsersApi(new GuzzleHttp\Client(), $configuration);

function check(bool $condition, mixed $value): void
{
    if (!$condition) {
        throw new Exception(print_r($value, true));
    }
}

$request = new UserRequest(['username' => 'php', 'name' => 'PHP', 'attributes' => ['team' => 'clients']]);
$user = $api->coreUsersCreate($request);
check((array) $user->getAttributes() === ['team' => 'clients'], $user);
check($api->coreUsersRetrieve($user->getPk()) == $user, $user);
try {
    $api->coreUsersCreate($request);
    check(false, 'the username is taken');
} catch (ApiException $error) {
    check($error->getCode() === 400 && str_contains($error->getResponseBody(), 'must be unique'), $error);
}
$api->coreUsersDestroy($user->getPk());
